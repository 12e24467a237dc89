"""Distinguished names: who a certificate is for, and from whom it is (X.501)."""

from __future__ import annotations

from typing import Any, Final

from cryptography import x509
from cryptography.x509.oid import NameOID

__all__ = ["DN", "DistinguishedName"]

# The fields that there are, by their short and their long names.
_SHORT: Final = {
    "CN": "commonName",
    "O": "organizationName",
    "OU": "organizationalUnitName",
    "L": "localityName",
    "ST": "stateOrProvinceName",
    "C": "countryName",
    "emailAddress": "emailAddress",
}
_LONG: Final = {long: long for long in _SHORT.values()}
_FIELDS: Final = _SHORT | _LONG
_OIDS: Final = {
    "commonName": NameOID.COMMON_NAME,
    "organizationName": NameOID.ORGANIZATION_NAME,
    "organizationalUnitName": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "localityName": NameOID.LOCALITY_NAME,
    "stateOrProvinceName": NameOID.STATE_OR_PROVINCE_NAME,
    "countryName": NameOID.COUNTRY_NAME,
    "emailAddress": NameOID.EMAIL_ADDRESS,
}
_NAMES: Final = {oid: field for field, oid in _OIDS.items()}


class DistinguishedName(dict[str, bytes]):
    """A dictionary of a name's fields, which are attributes too.

    The fields are ``commonName`` (``CN``), ``organizationName`` (``O``),
    ``organizationalUnitName`` (``OU``), ``localityName`` (``L``),
    ``stateOrProvinceName`` (``ST``), ``countryName`` (``C``) and ``emailAddress``;
    their values are bytes, also of what was given as ASCII text.

    Raises:
        AttributeError: There is no such field.
    """

    # The name that this was read from, and what was read: fields that this class does
    # not know must not be lost, nor their order, where the name is written again.
    __slots__ = ("_source",)
    _source: tuple[x509.Name, dict[str, bytes]] | None

    def __init__(self, **kw: bytes | str) -> None:
        super().__init__()
        object.__setattr__(self, "_source", None)
        for field, value in kw.items():
            setattr(self, field, value)

    def __getattr__(self, field: str) -> bytes:
        try:
            return self[_FIELDS[field]]
        except KeyError:
            raise AttributeError(field) from None

    def __setattr__(self, field: str, value: Any) -> None:
        if field not in _FIELDS:
            raise AttributeError(f"{field} is no field of a distinguished name")
        self[_FIELDS[field]] = (
            value.encode("ascii") if isinstance(value, str) else value
        )

    def __repr__(self) -> str:
        return f"<DN {dict.__repr__(self)[1:-1]}>"

    def inspect(self) -> str:
        """The fields in lines, for people to read."""
        shown = sorted((_words(field), value) for field, value in self.items())
        return "\n".join(f"{field:>26}: {value.decode()}" for field, value in shown)

    def toName(self) -> x509.Name:
        """It as ``cryptography`` has names, in the order of the dictionary."""
        if self._source is not None and self._source[1] == self:
            return self._source[0]
        return x509.Name(
            x509.NameAttribute(_OIDS[field], value.decode("utf-8"))
            for field, value in self.items()
        )

    @classmethod
    def fromName(cls, name: x509.Name) -> DistinguishedName:
        """Take over what this class knows of a name."""
        made = cls()
        for attribute in name:
            field = _NAMES.get(attribute.oid)
            if field is not None:
                made[field] = str(attribute.value).encode("utf-8")
        object.__setattr__(made, "_source", (name, dict(made)))
        return made


DN = DistinguishedName


def _words(field: str) -> str:
    """``Common Name`` for ``commonName``."""
    return "".join(f" {c}" if c.isupper() else c for c in field).title()

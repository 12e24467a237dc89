"""The HTTP client.

In short: ``await client.get(url)``, or a `Client` that keeps connections and cookies.
At length: an `Agent`, and around it those that follow redirects, keep cookies, unpack
bodies; each takes what the other gives.
"""

from __future__ import annotations

from sennit.web.client._agent import (
    Agent as Agent,
)
from sennit.web.client._answer import (
    Answer as Answer,
)
from sennit.web.client._bodies import (
    BytesProducer as BytesProducer,
    FileBodyProducer as FileBodyProducer,
    IterableProducer as IterableProducer,
)
from sennit.web.client._budgets import (
    ResponseLimits as ResponseLimits,
    Timeouts as Timeouts,
)
from sennit.web.client._client import Client as Client
from sennit.web.client._connection import (
    STEPS as STEPS,
    HTTP11ClientProtocol as HTTP11ClientProtocol,
    State as State,
)
from sennit.web.client._cookies import (
    CookieAgent as CookieAgent,
)
from sennit.web.client._decoders import (
    BrotliDecoder as BrotliDecoder,
    ContentDecoderAgent as ContentDecoderAgent,
    Decoder as Decoder,
    DeflateDecoder as DeflateDecoder,
    GzipDecoder as GzipDecoder,
    ZstdDecoder as ZstdDecoder,
)
from sennit.web.client._errors import (
    BadHeaders as BadHeaders,
    BadResponseVersion as BadResponseVersion,
    BodyTimeout as BodyTimeout,
    BodyTooLong as BodyTooLong,
    ConnectTimeout as ConnectTimeout,
    DecompressionBomb as DecompressionBomb,
    ExcessWrite as ExcessWrite,
    HeadersTimeout as HeadersTimeout,
    HeadTooLong as HeadTooLong,
    ParseError as ParseError,
    PartialDownloadError as PartialDownloadError,
    ProxyRefused as ProxyRefused,
    RequestCancelled as RequestCancelled,
    RequestGenerationFailed as RequestGenerationFailed,
    RequestNotSent as RequestNotSent,
    RequestTransmissionFailed as RequestTransmissionFailed,
    ResponseBudgetExceeded as ResponseBudgetExceeded,
    ResponseDone as ResponseDone,
    ResponseFailed as ResponseFailed,
    ResponseNeverReceived as ResponseNeverReceived,
    StatusError as StatusError,
    TooManyHeaders as TooManyHeaders,
    TotalTimeout as TotalTimeout,
    TruncatedResponse as TruncatedResponse,
    WrongBodyLength as WrongBodyLength,
)
from sennit.web.client._given import (
    DEFAULT_TIMEOUTS as DEFAULT_TIMEOUTS,
    HeadersLike as HeadersLike,
    Login as Login,
)
from sennit.web.client._policies import (
    BrowserLikePolicyForHTTPS as BrowserLikePolicyForHTTPS,
    HostnameCachingHTTPSPolicy as HostnameCachingHTTPSPolicy,
)
from sennit.web.client._pool import (
    HTTPConnectionPool as HTTPConnectionPool,
)
from sennit.web.client._proxies import (
    ProxyAgent as ProxyAgent,
    TunnelEndpoint as TunnelEndpoint,
)
from sennit.web.client._readers import (
    readBody as readBody,
)
from sennit.web.client._redirects import (
    BrowserLikeRedirectAgent as BrowserLikeRedirectAgent,
    RedirectAgent as RedirectAgent,
)
from sennit.web.client._request import (
    Request as Request,
)
from sennit.web.client._response import (
    Response as Response,
)
from sennit.web.client._short import (
    delete as delete,
    get as get,
    head as head,
    options as options,
    patch as patch,
    post as post,
    put as put,
    request as request,
)
from sennit.web.client._uri import (
    URI as URI,
)
from sennit.web.client._urls import (
    Parameters as Parameters,
)
from sennit.web.client.contracts import (
    UNKNOWN_LENGTH as UNKNOWN_LENGTH,
)
from sennit.web.http import PotentialDataLoss as PotentialDataLoss

__all__ = [
    "Agent",
    "Answer",
    "BadHeaders",
    "BadResponseVersion",
    "BodyTimeout",
    "BodyTooLong",
    "BrotliDecoder",
    "BrowserLikePolicyForHTTPS",
    "BrowserLikeRedirectAgent",
    "BytesProducer",
    "Client",
    "ConnectTimeout",
    "ContentDecoderAgent",
    "CookieAgent",
    "DEFAULT_TIMEOUTS",
    "Decoder",
    "DecompressionBomb",
    "DeflateDecoder",
    "ExcessWrite",
    "FileBodyProducer",
    "GzipDecoder",
    "HTTP11ClientProtocol",
    "HTTPConnectionPool",
    "HeadTooLong",
    "HeadersLike",
    "HeadersTimeout",
    "HostnameCachingHTTPSPolicy",
    "IterableProducer",
    "Login",
    "Parameters",
    "ParseError",
    "PartialDownloadError",
    "PotentialDataLoss",
    "ProxyAgent",
    "ProxyRefused",
    "RedirectAgent",
    "Request",
    "RequestCancelled",
    "RequestGenerationFailed",
    "RequestNotSent",
    "RequestTransmissionFailed",
    "Response",
    "ResponseBudgetExceeded",
    "ResponseDone",
    "ResponseFailed",
    "ResponseLimits",
    "ResponseNeverReceived",
    "STEPS",
    "State",
    "StatusError",
    "Timeouts",
    "TooManyHeaders",
    "TotalTimeout",
    "TruncatedResponse",
    "TunnelEndpoint",
    "UNKNOWN_LENGTH",
    "URI",
    "WrongBodyLength",
    "ZstdDecoder",
    "delete",
    "get",
    "head",
    "options",
    "patch",
    "post",
    "put",
    "readBody",
    "request",
]

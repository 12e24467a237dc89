"""A run that serves by workers: its service is the pool, and each worker runs the target.

What concerns the program alone (its user, its root) is the workers' to do; what concerns
the whole (daemon, pid file, log) is the supervisor's. The workers' lines go to its log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sennit.app.runner._watch import WatchService
from sennit.app.service import MultiService, Service
from sennit.app.workers import SupervisorLink, WorkerPool

if TYPE_CHECKING:
    from sennit.app.runner._plan import Plan
    from sennit.app.runner._run import Run

__all__ = ["TO_END", "asSupervisor", "asWorker", "supervised"]

TO_END = 20.0
"""Seconds beyond those of its connections that a process has to end its services."""


def asSupervisor(plan: Plan) -> Plan:
    """The part of a plan that is for the supervisor."""
    return plan._replace(uid=None, gid=None, euid=False, chroot=None)


def asWorker(plan: Plan, link: SupervisorLink) -> Plan:
    """The part of a plan that is for a worker."""
    alone = plan.syslog or plan.logger is not None
    return plan._replace(
        program=f"{plan.program}, {link.name},",
        link=link,
        workers=0,
        watch=False,
        daemon=False,
        pidfile=None,
        logfile=plan.logfile if alone else "-",
    )


def supervised(run: Run) -> Service:
    """The service of a supervisor; `Run.reload` reloads it from then on."""
    plan = run.plan
    assert plan.command is not None
    pool = WorkerPool(plan.command, plan.workers, run.write, reactor=run.reactor)
    pool.patience = plan.drain + TO_END
    run.reload = pool.reload
    if not plan.watch:
        return pool
    services = MultiService()
    pool.setServiceParent(services)
    folder = plan.target.folder or "."
    watch = WatchService([folder], pool.reload, run.reactor)
    watch.setServiceParent(services)
    return services

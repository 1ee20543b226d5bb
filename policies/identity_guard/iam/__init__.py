"""The meaning of IAM documents: what a set of policies really allows.

Pure Python: neither Pulumi nor boto3, no network, no clock but the one that is asked for.

    parse(text)                        -> Document | Unreadable
    attach(text, name, origin)         -> Attachment
    managed_attachment(arn)            -> Attachment, from the shipped snapshot
    judge(attachments, boundary, scps) -> Verdict
    judge_trust(text)                  -> TrustVerdict
    may(attachments, request, ...)     -> Decision
    prepare()                          reads all data at once, for measurements
"""

from .attachment import Attachment, Origin, Source, attach, unknown
from .decision import Answer, Decision, Request, StatementPlace, may
from .document import Document, DocumentKind, Unreadable, parse
from .escalation_paths import EscalationPath, Through, escalation_paths
from .managed import managed_attachment, managed_document, managed_names, managed_text, snapshot_origin
from .mfa import WrongPattern
from .party import Party, PartyKind
from .preparation import prepare
from .statement import Effect, Statement
from .trust import TrustVerdict, judge_trust
from .verdict import Verdict, judge
from .witness import Witness

__all__ = [
    "Answer",
    "Attachment",
    "Decision",
    "Document",
    "DocumentKind",
    "Effect",
    "EscalationPath",
    "Origin",
    "Party",
    "PartyKind",
    "Request",
    "Source",
    "Statement",
    "StatementPlace",
    "Through",
    "TrustVerdict",
    "Unreadable",
    "Verdict",
    "Witness",
    "WrongPattern",
    "attach",
    "escalation_paths",
    "judge",
    "judge_trust",
    "managed_attachment",
    "managed_document",
    "managed_names",
    "managed_text",
    "may",
    "parse",
    "prepare",
    "snapshot_origin",
    "unknown",
]

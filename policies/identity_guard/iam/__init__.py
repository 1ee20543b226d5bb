"""The meaning of IAM documents: what a set of policies really allows.

Pure Python: neither Pulumi nor boto3, no network, no clock but the one that is asked for.

    parse(text)                        -> Document | Unreadable
    attach(text, name, origin)         -> Attachment
    managed_attachment(arn)            -> Attachment, from the shipped snapshot
    judge(attachments, boundary, scps) -> Verdict
    judge_trust(text)                  -> TrustVerdict
    may(attachments, request, ...)     -> Decision
"""

from .catalogue.escalation_paths import EscalationPath, Through, escalation_paths
from .document.document import Document, DocumentKind, Unreadable, parse
from .document.statement import Effect, Statement
from .evaluate.attachment import (
    Attachment,
    Origin,
    Source,
    attach,
    managed_attachment,
    managed_document,
    managed_names,
    managed_text,
    snapshot_origin,
    unknown,
)
from .evaluate.decision import Answer, Decision, Request, StatementPlace, may
from .questions.mfa_patterns import WrongPattern
from .questions.proof import Witness
from .questions.trust import TrustedPrincipal, TrustedPrincipalKind, TrustVerdict, judge_trust
from .questions.verdict import Verdict, judge

__all__ = [
    "Answer",
    "Attachment",
    "Decision",
    "Document",
    "DocumentKind",
    "Effect",
    "EscalationPath",
    "Origin",
    "Request",
    "Source",
    "Statement",
    "StatementPlace",
    "Through",
    "TrustVerdict",
    "TrustedPrincipal",
    "TrustedPrincipalKind",
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
    "snapshot_origin",
    "unknown",
]

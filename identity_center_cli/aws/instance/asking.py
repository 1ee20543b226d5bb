"""Asking Identity Center: at its rate, all pages, each thing once; what is refused is named."""

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, Final, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from identity_center.model.existing.least_calls import PAGE, PER_SECOND
from identity_center.model.existing.parts import Part, Unread
from identity_center_cli.aws.answers import BrokenAnswerError, part, reason
from identity_center_cli.aws.instance.kept_answers import KeptAnswers
from identity_center_cli.aws.retries import tell_waiting
from identity_center_cli.aws.token_bucket import TokenBucket

#: Enough to reach the rate where an answer takes up to half a second.
THREADS: Final = 10
PATIENT: Final = Config(retries={"mode": "adaptive", "max_attempts": 10}, max_pool_connections=THREADS)
#: With more at once AWS would answer the first seconds with refusals.
_BURST: Final = 5
#: The prefix by which IAM knows the operations. Source: service authorization reference.
_PREFIXES: Final = {"sso-admin": "sso", "identitystore": "identitystore", "account-access": "account-access"}
#: Keys of a provider's `endpoints`, by boto3's name.
_ENDPOINTS: Final = {"sso-admin": "ssoadmin", "account-access": "accountaccess"}
NOT_FOUND: Final = "ResourceNotFoundException"

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")


class Asking:
    """The clients of one reading, with what they were refused."""

    def __init__(
        self,
        session: boto3.Session,
        endpoints: Mapping[str, str],
        kept: KeptAnswers,
        per_second: float = PER_SECOND,
        on_answer: Callable[[int, int], None] = lambda _done, _known: None,
    ) -> None:
        """Take the session, and what to call with the numbers of requests done and known."""
        bucket = TokenBucket(per_second, _BURST)
        self._clients: dict[str, Any] = {}
        known = session.get_available_services()
        for service in (name for name in _PREFIXES if name in known):
            url = endpoints.get(_ENDPOINTS.get(service, service))
            client: Any = session.client(service, endpoint_url=url, config=PATIENT)  # type: ignore[call-overload]  # the name of any service
            bucket.keep(client)
            self._clients[service] = client
        self.kept, self._on_answer = kept, on_answer
        self.unread: list[Unread] = []
        self._lock, self._done, self._known = Lock(), 0, 0

    def tell_waiting(self, on_wait: Callable[[], None]) -> None:
        """Call `on_wait` while AWS asks any of the clients for fewer requests."""
        for client in self._clients.values():
            tell_waiting(client, on_wait)

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its classes
        """Return the client of a service."""
        return self._clients[service]

    def each(self, act: Callable[[_Item], _Done], items: Iterable[_Item]) -> list[_Done]:
        """Do something for each item, several at once; the results are in the order of the items."""
        listed = list(items)
        with self._lock:
            self._known += len(listed)
        with ThreadPoolExecutor(THREADS) as pool:
            futures = [pool.submit(self._counted, act, item) for item in listed]
            try:
                return [future.result() for future in futures]
            except BaseException:
                # Somebody interrupts, or a mistake of ours: what was not begun is not asked.
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _counted(self, act: Callable[[_Item], _Done], item: _Item) -> _Done:
        result = act(item)
        with self._lock:
            self._done += 1
            self._on_answer(self._done, self._known)
        return result

    def rows(
        self,
        of: tuple[Part, str],
        service: str,
        operation: str,
        member: str,
        /,
        **asked: Any,  # noqa: ANN401 - members of any operation
    ) -> list[Any] | None:
        """Return all rows of a list, or None where AWS refused it, which is named."""
        return self._asked(of, service, operation, lambda c: _all_rows(c, operation, member, asked), asked)  # type: ignore[no-any-return]  # rows of JSON

    def answer(
        self,
        of: tuple[Part, str],
        service: str,
        operation: str,
        /,
        *,
        none: tuple[str, ...] = (),
        **asked: Any,  # noqa: ANN401 - as above
    ) -> dict[str, Any] | None:
        """Return one answer, or None where AWS refused it, which is named.

        A refusal with one of the codes in `none` is AWS's way to say that there is nothing: an empty answer.
        """

        def ask(client: Any) -> Any:  # noqa: ANN401 - whatever AWS says
            try:
                found = getattr(client, operation)(**asked)
            except ClientError as error:
                if reason(error) in none:
                    return {}
                raise
            return {key: value for key, value in found.items() if key != "ResponseMetadata"}

        return self._asked(of, service, operation, ask, asked)  # type: ignore[no-any-return]  # a JSON object

    def _asked(
        self,
        of: tuple[Part, str],
        service: str,
        operation: str,
        ask: Callable[[Any], Any],
        asked: Mapping[str, Any],
    ) -> Any:  # noqa: ANN401 - whatever AWS says
        key = json.dumps([service, operation, dict(sorted(asked.items()))])
        known = self.kept.get(key)
        if known is not None:
            return known
        if service not in self._clients:
            name = "".join(word.capitalize() for word in operation.split("_"))
            self._not_known(of, f"{_PREFIXES[service]}:{name}", f"this boto3 does not know {service}")
            return None
        try:
            # By way of JSON, so that an answer that was kept is the same as one that came.
            answer = json.loads(json.dumps(ask(self._clients[service]), default=str))
        except (ClientError, BotoCoreError, ResponseParserError, BrokenAnswerError) as error:
            self.refused(of, f"{_PREFIXES[service]}:{_api_name(self._clients[service], operation)}", error)
            return None
        self.kept.keep(key, answer)
        return answer

    def refused(self, of: tuple[Part, str], operation: str, error: Exception) -> None:
        """Name what AWS did not say."""
        why = "an answer that broke off" if isinstance(error, BrokenAnswerError) else reason(error)
        self._not_known(of, operation, why)

    def _not_known(self, of: tuple[Part, str], operation: str, why: str) -> None:
        with self._lock:
            self.unread.append(Unread(part=of[0].value, of=of[1], operation=operation, why=why))


def _all_rows(
    client: Any,  # noqa: ANN401 - boto3 makes its classes
    operation: str,
    member: str,
    asked: Mapping[str, Any],
) -> list[Any]:
    config = {"PageSize": PAGE} if _takes_size(client, operation) else {}
    pages = client.get_paginator(operation).paginate(**asked, PaginationConfig=config)
    return [row for page in pages for row in part(page, member)]


def _takes_size(client: Any, operation: str) -> bool:  # noqa: ANN401 - as above
    shape = client.meta.service_model.operation_model(_api_name(client, operation)).input_shape
    return bool({"MaxResults", "maxResults"} & set(shape.members))


def _api_name(client: Any, operation: str) -> str:  # noqa: ANN401 - as above
    return str(client.meta.method_to_api_mapping[operation])

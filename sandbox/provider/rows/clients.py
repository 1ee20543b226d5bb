"""Clients of the sandbox's API: from the provider's options alone, never from the user's files."""

import random
import time
from functools import cache
from threading import Event, RLock
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ParamValidationError,
)
from botocore.model import ServiceModel
from botocore.parsers import ResponseParserError

from sandbox.pace import current
from sandbox.provider.isolation import isolated_config, isolated_session
from sandbox.provider.options import Options

_LOCK = RLock()
# TF internal/conns, v1CompatibleBackoff: twice as long each time, at least 30 ms (500 ms where AWS
# throttles), at most 300 s; 25 attempts at a conflict take about 50 minutes.
_SHORTEST, _SHORTEST_THROTTLED, _LONGEST = 0.03, 0.5, 300.0
_THROTTLES = frozenset({"Throttling", "ThrottlingException", "TooManyRequestsException"})

# By service, the refusals that the real provider's client tries again.
RETRIED: dict[str, frozenset[str]] = {
    # TF internal/service/ssoadmin/service_package.go: every ConflictException and ThrottlingException.
    "sso-admin": frozenset({"ConflictException", "ThrottlingException"}),
    "account-access": frozenset({"ThrottlingException"}),
    # The AWS SDK's standard retryer knows the codes of throttling.
    "identitystore": frozenset({"ThrottlingException"}),
    "organizations": frozenset({"TooManyRequestsException", "ConcurrentModificationException"}),
    "iam": frozenset({"Throttling", "ConcurrentModification", "EntityTemporarilyUnmodifiable"}),
    "sts": frozenset({"Throttling"}),
}
# aws-sdk-go-v2 aws/retry/standard.go, DefaultRetryableHTTPStatusCodes: whatever the service and the code.
_RETRIED_STATUSES = frozenset({500, 502, 503, 504})
# aws-sdk-go-base v2, internal/constants, MaxNetworkRetryCount: who is refused a connection, or finds no such
# host, ends after so many attempts; what breaks off later is tried as often as everything else (aws-sdk-go-v2
# aws/retry/retryable_error.go, RetryableConnectionError), whether the request had been done or not.
_MOST_WITHOUT_CONNECTION = 9


class RefusedByAwsError(Exception):
    """An API call that AWS refused; nothing was changed by this call."""

    def __init__(self, service: str, operation: str, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{service} {operation}: {code}: {message}")
        self.code = code
        self.status = status


class UnansweredError(Exception):
    """An API call without an answer: nobody knows whether it changed anything."""


class NotConnectedError(UnansweredError):
    """An API that nobody could connect to: the call changed nothing."""


class CancelledError(Exception):
    """The engine asked to stop."""


@cache
def _client(  # noqa: PLR0913, PLR0917 - the key of the cache is everything that a client depends on
    service: str, region: str, endpoint: str, access_key: str, secret_key: str, token: str | None
) -> Any:  # noqa: ANN401 - boto3 makes its classes
    return isolated_session().create_client(
        service,
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        aws_session_token=token,
        # One attempt, because `ask` tries again itself.
        config=isolated_config(),
    )


class Clients:
    """The API as one provider sees it: its region, its credentials, its patience."""

    def __init__(self, options: Options, cancelled: Event | None = None) -> None:
        self.options = options
        self.cancelled = cancelled or Event()
        self._credentials: tuple[str, str, str | None] | None = None

    def client(self, service: str, region: str | None = None) -> Any:  # noqa: ANN401 - boto3 makes its classes
        """Return the client of a service."""
        with _LOCK:
            if self._credentials is None:
                self._credentials = self._assumed()
            return self._made(service, region or self.options.region, self._credentials)

    def model(self, service: str) -> ServiceModel:
        """Return botocore's model of a service."""
        model: ServiceModel = self.client(service).meta.service_model
        return model

    def ask(self, service: str, operation: str, region: str | None = None, **asked: Any) -> dict[str, Any]:  # noqa: ANN401 - members of the request
        """Make one API call; what the real provider's client tries again is tried again."""
        client = self.client(service, region)
        for attempt in range(1, self.options.max_retries + 1):
            if self.cancelled.is_set():
                raise CancelledError(f"{service} {operation}: cancelled")
            try:
                return called(client, service, operation, asked)
            except (RefusedByAwsError, UnansweredError) as failure:
                if attempt == self.options.max_retries or not _is_tried_again(service, failure, attempt):
                    raise
                self.pause(pause_after(attempt, throttled=getattr(failure, "code", "") in _THROTTLES))
        raise AssertionError("unreachable: the last attempt returns or raises")

    def pages(
        self,
        service: str,
        operation: str,
        member: str,
        region: str | None = None,
        **asked: Any,  # noqa: ANN401 - members of the request
    ) -> list[Any]:
        """Make a call as often as it has pages; return what all of them hold under ``member``."""
        token_in, token_out = _tokens(service)
        rows: list[Any] = []
        while True:
            answer = self.ask(service, operation, region, **asked)
            rows += answer[member]
            if not answer.get(token_out):
                return rows
            asked[token_in] = answer[token_out]

    def pause(self, seconds: float) -> None:
        """Wait, but not for one that was told to stop."""
        if self.cancelled.wait(seconds):
            raise CancelledError("cancelled while waiting for AWS")

    def _assumed(self) -> tuple[str, str, str | None]:
        """Assume the roles of the options one after the other; return the last credentials."""
        options = self.options
        credentials = (options.access_key, options.secret_key, options.token)
        for role in options.roles:
            sts = self._made("sts", options.region, credentials)
            asked = {
                "RoleArn": role["roleArn"],
                "RoleSessionName": role.get("sessionName") or f"pulumi-{int(time.time())}",
                "ExternalId": role.get("externalId"),
                "Policy": role.get("policy"),
            }
            given = {name: value for name, value in asked.items() if value}
            answer = called(sts, "sts", "AssumeRole", given)["Credentials"]
            credentials = (answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"])
        return credentials

    def _made(self, service: str, region: str, credentials: tuple[str, str, str | None]) -> Any:  # noqa: ANN401
        return _client(service, region, self.options.endpoint_of(service), *credentials)


def _is_tried_again(service: str, failure: RefusedByAwsError | UnansweredError, attempt: int) -> bool:
    if isinstance(failure, RefusedByAwsError):
        return failure.code in RETRIED[service] or failure.status in _RETRIED_STATUSES
    return not isinstance(failure, NotConnectedError) or attempt < _MOST_WITHOUT_CONNECTION


def pause_after(attempt: int, *, throttled: bool) -> float:
    """Return how long to wait here after so many attempts, the first of them 1."""
    shortest = _SHORTEST_THROTTLED if throttled else _SHORTEST
    seconds = 2.0**attempt * random.uniform(shortest, 2 * shortest)  # noqa: S311 - jitter
    if seconds > _LONGEST:
        seconds = random.uniform(_LONGEST / 2, _LONGEST)  # noqa: S311 - jitter
    pace = current()
    return pace.here(seconds * pace.backoff)


def called(client: Any, service: str, operation: str, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - boto3 makes its classes
    """Make one API call, once, and say which of three ends it had: an answer, a refusal, or no answer."""
    names = {api: python for python, api in client.meta.method_to_api_mapping.items()}
    try:
        answer: dict[str, Any] = getattr(client, names[operation])(**asked)
    except ClientError as error:
        told = error.response["Error"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        raise RefusedByAwsError(service, operation, told["Code"], told["Message"], status) from error
    except ParamValidationError as error:
        # botocore refuses before it sends.
        raise RefusedByAwsError(service, operation, "ValidationError", str(error)) from error
    except (EndpointConnectionError, ConnectTimeoutError) as error:
        raise NotConnectedError(_not_sent(service, operation, error)) from error
    except (BotoCoreError, ResponseParserError) as error:
        raise UnansweredError(_not_sent(service, operation, error)) from error
    return answer


def _not_sent(service: str, operation: str, error: Exception) -> str:
    """Say it as Go's SDK does. Source: smithy-go, transport/http/response.go, RequestSendError."""
    parts = ("https response error StatusCode: 0", "RequestID: ", "request send failed", str(error))
    return f"{service} {operation}: {', '.join(parts)}"


def _tokens(service: str) -> tuple[str, str]:
    """Return how a service names the token of the next page, in requests and in answers."""
    return ("Marker", "Marker") if service == "iam" else ("NextToken", "NextToken")

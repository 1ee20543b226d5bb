"""AWS's APIs on loopback: moto's server, with what moto lacks added and what it does too kindly corrected.

``create_app()`` is a WSGI application; ``seed(endpoint_url, region)`` makes a small organisation in it
through the API itself. ``reset(endpoint_url)`` (moto's ``POST /moto-api/reset``) and another ``seed``
give the start state again; ``KeptAws`` keeps any state and gives it back in milliseconds, in this process.

What is here, file by file:

- ``application.py``: puts the parts together; the one door that AWS has not (enabling Identity Center);
- ``modelled.py`` and ``shapes.py``: a request is held against botocore's model of its service before any
  backend sees it;
- ``refusals/``: every refusal that the sandbox adds, as data;
- ``identity_center/``: identitystore, sso-admin and account access, which are written here whole. moto's own
  take any instance and any principal, know no update, no status of a request and no limit;
- ``portal/``: signing in and the access portal, which people meet; ``rest_json.py`` is how they and account
  access are spoken to;
- ``accounts/``: the organisation of the start, as a table, and ``seed``; moto's Organizations with a few
  corrections; root users and the sessions that stand for them;
- ``iam.py``: moto's backend of IAM with a few corrections.

To add an operation: write a method with the operation's name in snake case in the backend of its service;
it takes the request's members (a dict) and returns the answer's. To add a refusal: add a row to
``refusals.table.REFUSALS``, raise it with ``refuse``, and add a scenario of the same name to
``tests/sandbox_aws/test_refusals.py``, which fails for a row without one.
"""

from .accounts.organisation import reset, seed
from .application import create_app
from .kept import KeptAws

__all__ = ["KeptAws", "create_app", "reset", "seed"]

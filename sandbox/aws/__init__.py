"""AWS's APIs on loopback: moto's server, with what moto lacks added and what it does too kindly corrected.

``create_app()`` is a WSGI application; ``seed(endpoint_url, region)`` makes a small organisation in it
through the API itself. ``reset(endpoint_url)`` (moto's ``POST /moto-api/reset``) and another ``seed``
give the start state again; ``KeptAws`` keeps any state and gives it back in milliseconds, in this process.

What is here, file by file:

- ``application.py``: puts the parts together; the one door that AWS has not (enabling Identity Center);
- ``modelled.py`` and ``shapes.py``: a request is held against botocore's model of its service before any
  backend sees it;
- ``refusals.py``: every refusal that the sandbox adds, as data;
- ``identitystore.py``, ``ssoadmin.py`` and the files beside it: these two services are written here
  whole. moto's own take any instance and any principal, know no update, no status of a request and no
  limit;
- ``delegated_administrator.py``: the member account that administers the organisation's Identity Center;
- ``organizations.py``, ``account.py``, ``iam.py``: moto's backends with a few corrections;
- ``organisation.py``: the organisation of the start, as a table, and ``seed``.

To add an operation: write a method with the operation's name in snake case in the backend of its service;
it takes the request's members (a dict) and returns the answer's. To add a refusal: add a row to
``refusals.REFUSALS``, raise it with ``refuse``, and add a scenario of the same name to
``tests/sandbox_aws/test_refusals.py``, which fails for a row without one.
"""

from .application import create_app
from .kept import KeptAws
from .organisation import reset, seed

__all__ = ["KeptAws", "create_app", "reset", "seed"]

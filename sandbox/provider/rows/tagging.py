"""Tags: the resource's own, those that the provider's options add or leave out, and their updates."""

from collections.abc import Mapping
from typing import Any

from sandbox.provider.options import Options


def all_tags(options: Options, tags: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what AWS is to show: the default tags under the resource's own."""
    return {**options.default_tags, **(tags or {})}


def own_tags(options: Options, shown: Mapping[str, str], prior: Mapping[str, Any]) -> dict[str, str]:
    """Return the resource's own tags among those that AWS shows: no default one, unless the program's."""
    return {
        key: value
        for key, value in shown.items()
        if options.default_tags.get(key) != value or prior.get(key) == value
    }


def without_ignored(options: Options, shown: Mapping[str, str]) -> dict[str, str]:
    """Leave out the tags that the provider is told to ignore, and AWS's own."""
    return {
        key: value
        for key, value in shown.items()
        if key not in options.ignored_tags
        and not key.startswith("aws:")
        and not any(key.startswith(prefix) for prefix in options.ignored_tag_prefixes)
    }


def changed_tags(old: Mapping[str, Any], want: Mapping[str, Any]) -> tuple[list[str], list[dict[str, str]]]:
    """Compare ``tagsAll`` of the old state with all tags wanted: keys to remove, tags to write."""
    before, after = old.get("tagsAll") or old.get("tags") or {}, want.get("tags") or {}
    gone = sorted(set(before) - set(after))
    new = [{"Key": key, "Value": after[key]} for key in sorted(after) if before.get(key) != after[key]]
    return gone, new

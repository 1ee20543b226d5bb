"""The count of undecided documents: what the project says of itself has to be counted rightly."""

import json
from pathlib import Path

from tools.measure_documents import Measured, measure

OPEN = """Parameters: {Who: {Type: String}}
Resources:
  Open:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {AWS: !Ref Who}, Action: 'sts:AssumeRole'}]
      Policies:
        - PolicyName: own
          PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]}
        - PolicyName: any
          PolicyDocument: {Statement: [{Effect: Allow, Action: !Ref Who, Resource: '*'}]}
"""


def test_each_document_is_counted_once_and_the_open_ones_are_named(tmp_path: Path) -> None:
    """A figure that leaves out what could not be decided would be no figure."""
    (tmp_path / "stack.yaml").write_text(OPEN, encoding="utf-8")
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    (tmp_path / "policy.json").write_text(json.dumps({"Statement": statement}), encoding="utf-8")
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    measured = Measured()
    measure(tmp_path, measured)

    assert measured.documents == 4
    assert measured.by_file == {"policy.json": 1, "stack.yaml": 3}
    assert sorted(each.partition(": ")[2] for each in measured.undecided) == [
        "Open: inline policy: what `Ref Who` comes to is open",
        "Open: its trust policy",
    ]

"""What AWS says now, read through boto3: instance, organisation, account assignments."""

"""The access model: what an organisation says about who may do what. Pure: no Pulumi, no boto3."""

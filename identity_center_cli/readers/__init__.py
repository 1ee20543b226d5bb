"""Files that hold IAM documents in the forms that people have them, read as resources that rules know.

One module for each form; each gives a `Reading`, and asks nobody but the text.
"""

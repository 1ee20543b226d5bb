"""The Python language host that the Pulumi engine asks for where upstream's is not on the machine.

The engine starts `pulumi-language-python ENGINE-ADDRESS`, reads a port from its first line of output and
speaks the LanguageRuntime service of `pulumi/language.proto` with it. Programs run through upstream's own
launcher script, policy packs through `python -m pulumi.policy`, other plugins as `python FOLDER`.
"""

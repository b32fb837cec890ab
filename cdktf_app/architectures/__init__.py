"""The architectures, one file or package each; every one has ``build(scope, *, retain_data) -> ModuleStack``."""

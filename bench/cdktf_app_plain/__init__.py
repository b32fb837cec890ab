"""The same five architectures as an ordinary cdktf app, for the cdktf command line to synthesise and plan."""

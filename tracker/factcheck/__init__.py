"""Check what a text says about models and boards: find statements by rule, then judge each."""

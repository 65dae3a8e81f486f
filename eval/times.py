"""How well times are found and valued, printed as tables; error lists go to `runs/`.

    python eval/times.py [--dev]

Sets: the corpus (train, and dev with --dev), MEANTIME, WikiWars and the cases of other projects, all
under `../shared`. What is missing there is left out and said.
"""

"""The command line: reads arguments, calls the engine, prints findings. Holds no logic of its own."""

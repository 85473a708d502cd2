"""Who may have what, and who takes part no longer: grants, deposits, withdrawal, the exchange of the key."""

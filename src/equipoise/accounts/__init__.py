"""Who people are: accounts, invitations, factors and sessions. What somebody may do stands in each study's ledger."""

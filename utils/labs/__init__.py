"""Labs: from the master to students' version, solution, checks and proofs."""

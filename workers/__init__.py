"""Background processes: the follower, the archiver and the jobs."""

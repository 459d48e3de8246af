"""What the run of the tests is made of: the template database, which tests run where and when, the times by folder."""

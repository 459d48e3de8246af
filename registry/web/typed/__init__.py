"""Nothing typed is lost: drafts, chosen files, and forms carried over a sign-in."""

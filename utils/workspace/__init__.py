"""The reader's workspace: copies of notebooks and labs that updates never overwrite."""

"""Who may not see a pupil's file although their organisation may: restricted pupils, and declared interests."""

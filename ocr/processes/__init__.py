"""Processes of ours for what may mean harm: asked through pipes, bounded in memory and time, replaced when they die."""

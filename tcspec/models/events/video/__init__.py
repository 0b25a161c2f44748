"""The events of video: playback, content, ads and settings of the player."""

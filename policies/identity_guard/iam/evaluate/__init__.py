"""What documents grant: Allow, Deny and layers, over actions, resources and contexts."""

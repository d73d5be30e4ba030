"""The pages of subscriptions: who is told of what happens, what was sent, and what came back."""

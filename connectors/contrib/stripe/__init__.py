"""Stripe as finance: payments, refunds and disputes."""

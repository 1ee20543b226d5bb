"""Commands that rebuild the data shipped with the policy pack. The pack itself never runs them."""

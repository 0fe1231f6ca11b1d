"""The tax office's land tax service: SOAP, as it was built twenty years ago."""

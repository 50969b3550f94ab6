"""Values to tables, figures and documents."""

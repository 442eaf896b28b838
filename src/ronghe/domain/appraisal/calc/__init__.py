"""Pure parts of the appraisal: files to score, days of notice, what is kept, the workbook. Imports no Django."""

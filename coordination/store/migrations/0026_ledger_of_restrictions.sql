-- The ledger covers who may not see a file.
select log.cover('restricted_pupil', 'pupil', 'organisation');
select log.cover('interest', 'interest');

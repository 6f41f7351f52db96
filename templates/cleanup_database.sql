-- @heading The database, which holds nothing else: the stage before has checked that. DROP DATABASE cannot run in a transaction, and fails while somebody is connected to the database.
-- @autonomous Drop the database
DROP DATABASE {{ database.sql() }}

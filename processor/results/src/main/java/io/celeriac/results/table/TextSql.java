package io.celeriac.results.table;

/** SQL that compares texts of the tables. */
public final class TextSql {

    private TextSql() {}

    /** The condition that a column equals a value, trailing spaces included; an index on the column serves it. */
    public static String exactly(String column, String value) {
        return column + " = " + value + " AND CHAR_LENGTH(" + column + ") = CHAR_LENGTH(" + value + ")";
    }
}

package io.celeriac.results.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;

/** SQL that compares texts of the tables. */
public final class TextSql {

    private TextSql() {}

    /** The condition that a column equals a value, trailing spaces included; an index on the column serves it. */
    public static String exactly(String column, String value) {
        return column + " = " + value + " AND CHAR_LENGTH(" + column + ") = CHAR_LENGTH(" + value + ")";
    }

    /**
     * The condition that a column equals one of these values, trailing spaces included; false without values.
     *
     * @param name of the parameters, before their numbers
     * @param parameters get the values
     */
    public static String anyOf(String column, String name, Collection<String> values, Map<String, Object> parameters) {
        var equal = new ArrayList<String>();
        for (var value : values) {
            var parameter = name + equal.size();
            parameters.put(parameter, value);
            equal.add("(" + exactly(column, ":" + parameter) + ")");
        }
        return equal.isEmpty() ? "FALSE" : "(" + String.join(" OR ", equal) + ")";
    }
}

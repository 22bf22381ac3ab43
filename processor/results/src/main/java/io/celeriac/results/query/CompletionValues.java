package io.celeriac.results.query;

import io.celeriac.results.condition.TextColumn;
import java.util.List;

/** The values that there are of a column, a label or an argument. */
public interface CompletionValues {

    /** The first values of a column that begin with a text; none for a column that no index has first. */
    List<String> values(TextColumn column, String prefix, int most);

    /** The first names of labels that begin with a text. */
    List<String> labelNames(String prefix, int most);

    /** The first values of a label that begin with a text. */
    List<String> labelValues(String name, String prefix, int most);

    /** The first values of an indexed argument that begin with a text. */
    List<String> argumentValues(String path, String prefix, int most);
}

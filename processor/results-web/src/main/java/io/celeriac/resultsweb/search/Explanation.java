package io.celeriac.resultsweb.search;

import java.util.List;

/**
 * How a search goes, told without running it.
 *
 * @param query the search as it was understood, with relative times resolved
 * @param index the index in whose order tasks are found
 * @param windowed true: it looks at up to 20,000 tasks of the index at a time, and pages may be partial
 * @param warnings the terms that no index serves
 * @param checked the other terms that are compared in each row that the index finds
 */
public record Explanation(String query, String index, boolean windowed, List<Warning> warnings, List<String> checked) {

    /**
     * A term that no index serves.
     *
     * @param position of its first character in the search, from 0
     * @param term as it stands in the search
     * @param message for people
     */
    public record Warning(int position, String term, String message) {}
}

package io.celeriac.resultsweb.search;

import java.util.List;

/**
 * What may complete a search.
 *
 * @param position of the first character that a candidate replaces; it replaces everything to the end
 * @param candidates at most 20
 */
record Candidates(int position, List<Candidate> candidates) {

    /**
     * @param text what stands in the search then
     * @param help one sentence about it; empty for values
     */
    record Candidate(String text, String help) {}
}

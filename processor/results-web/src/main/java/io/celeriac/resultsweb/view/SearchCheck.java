package io.celeriac.resultsweb.view;

/** Checks a search before it is saved. */
@FunctionalInterface
interface SearchCheck {

    /**
     * @throws io.celeriac.web.search.SearchException when it breaks the grammar, or names an unknown field
     */
    void check(String q);
}

/**
 * The search grammar: text such as {@code state:FAILURE took:>5s -task:demo.*} becomes a {@link io.celeriac.web.search.Query}.
 *
 * <p>A {@link io.celeriac.web.search.FieldCatalogue} says which fields there are, so that tasks, the audit and others have the same
 * grammar with fields of their own. The owner of the fields turns the tree into SQL or into a predicate.
 */
@NullMarked
package io.celeriac.web.search;

import org.jspecify.annotations.NullMarked;

/** The search grammar over tasks: its fields, and what they mean for the tables. */
@NullMarked
package io.celeriac.resultsweb.search;

import org.jspecify.annotations.NullMarked;

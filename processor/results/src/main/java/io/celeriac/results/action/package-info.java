/** Actions on many tasks: what they do, how far they are, and what became of each item. */
@NullMarked
package io.celeriac.results.action;

import org.jspecify.annotations.NullMarked;

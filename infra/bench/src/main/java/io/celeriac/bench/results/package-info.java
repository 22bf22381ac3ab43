/** The benchmark {@code results}: how fast results come into the database, and how fast they are found and deleted there. */
@NullMarked
package io.celeriac.bench.results;

import org.jspecify.annotations.NullMarked;

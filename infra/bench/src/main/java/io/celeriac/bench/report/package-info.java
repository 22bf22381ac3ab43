/** What a run leaves behind: tables for people, pages with marked places, and the numbers as they were measured. */
@NullMarked
package io.celeriac.bench.report;

import org.jspecify.annotations.NullMarked;

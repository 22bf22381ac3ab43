/** The topics: their names, how long they keep records, and how they come to be. */
@NullMarked
package io.celeriac.contract.topic;

import org.jspecify.annotations.NullMarked;

/** The topics: their names, retention and creation. */
@NullMarked
package io.celeriac.contract.topic;

import org.jspecify.annotations.NullMarked;

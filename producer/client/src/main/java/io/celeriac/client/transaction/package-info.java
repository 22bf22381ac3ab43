/** Sends tasks when a Spring transaction has committed. */
@NullMarked
package io.celeriac.client.transaction;

import org.jspecify.annotations.NullMarked;

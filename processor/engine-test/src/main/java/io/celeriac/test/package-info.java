/**
 * What a service's tests embed: a client whose tasks run in the calling thread or are only recorded, and a clock to move.
 */
@NullMarked
package io.celeriac.test;

import org.jspecify.annotations.NullMarked;

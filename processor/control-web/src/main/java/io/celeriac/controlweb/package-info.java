/** The doors to running workers: what they tell of themselves, and what people tell them. */
@NullMarked
package io.celeriac.controlweb;

import org.jspecify.annotations.NullMarked;

// exponential.glsl: exp and tanh with an error of a few units in the last place.  x, result: one number each
//
// GLSL promises little of its own exp and less of tanh. Here x = n·ln 2 + r with |r| ≤ ln 2 / 2, and the
// Taylor series of exp(r) − 1 to r⁷ (the next term is below 2⁻²⁷ of exp(r)).

// ln 2 in two parts; the first has 15 bits, so that n · kLn2High is exact.
const float kLn2High = 0.693145751953125;
const float kLn2Low = 1.42860682030941723e-6;
const float kOneByLn2 = 1.44269504088896341;

// exp(r) − 1 for |r| ≤ ln 2 / 2.
float reduced_expm1(float r) {
  precise float sum = 1.0 / 5040.0;
  sum = sum * r + 1.0 / 720.0;
  sum = sum * r + 1.0 / 120.0;
  sum = sum * r + 1.0 / 24.0;
  sum = sum * r + 1.0 / 6.0;
  sum = sum * r + 0.5;
  precise float result = sum * r * r + r;
  return result;
}

// 2^n for −126 ≤ n ≤ 127.
float power_of_two(int n) { return uintBitsToFloat(uint(n + 127) << 23u); }

// exp(x) for x ≤ 88. Below −104 it is 0, as in float32; where the result is smaller than the smallest
// normal number it may be 0 as well.
float exponential(float x) {
  if (x < -104.0) return 0.0;
  float n = floor(x * kOneByLn2 + 0.5);
  precise float r = (x - n * kLn2High) - n * kLn2Low;
  int half_n = int(n) / 2;
  precise float result =
      ((1.0 + reduced_expm1(r)) * power_of_two(half_n)) * power_of_two(int(n) - half_n);
  return result;
}

// tanh(x) = e / (e + 2) with e = exp(2x) − 1, which keeps its digits near 0.
float hyperbolic_tangent(float x) {
  float y = 2.0 * abs(x);
  if (y > 20.0) return x < 0.0 ? -1.0 : 1.0;
  float n = floor(y * kOneByLn2 + 0.5);
  precise float r = (y - n * kLn2High) - n * kLn2Low;
  float scale = power_of_two(int(n));
  precise float e = scale * reduced_expm1(r) + (scale - 1.0);
  float result = e / (e + 2.0);
  return x < 0.0 ? -result : result;
}

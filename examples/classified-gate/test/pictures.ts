/**
 * Two of the pictures that the model never saw: 8x8 grey values, ink is bright.
 *
 * From Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, 1998, UCI Machine Learning Repository,
 * https://doi.org/10.24432/C50P49, licence CC BY 4.0; changed: values scaled from 0..16 to 0..255.
 */
import { type Tensor } from "@opg-protocol/sdk";
import { getBytes } from "ethers";

const UINT8 = 2;

const picture = (rows: string): Tensor => ({
  dtype: UINT8,
  shape: [1, 1, 8, 8],
  data: getBytes(`0x${rows.replace(/\s/g, "")}`),
});

export const three = picture(`
  00 00 8f ff cf 60 00 00
  00 00 60 50 ff ff 00 00
  00 00 00 80 ef 50 00 00
  00 00 00 50 df 30 00 00
  00 00 00 00 8f ef 20 00
  00 00 00 00 00 af bf 00
  00 00 40 80 af ef bf 00
  00 00 af df bf 80 00 00`);

export const eight = picture(`
  00 00 9f af 40 00 00 00
  00 00 9f ef cf cf 10 00
  00 00 80 af 00 df 40 00
  00 00 00 cf ef cf 00 00
  00 10 af ff ff 00 00 00
  00 10 ef 30 8f 9f 00 00
  00 00 df 60 ef 9f 00 00
  00 00 80 df 70 10 00 00`);
